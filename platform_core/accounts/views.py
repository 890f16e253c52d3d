"""Pages of sign-in, profile and password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from platform_core.audit.selectors import recent_of
from platform_core.common.access import PUBLIC, SIGNED_IN, page
from platform_core.common.errors import DomainError
from platform_core.regions.enums import TierCode
from platform_core.regions.selectors import own_division

from . import roles, services, signin
from .forms import PasswordForm, ProfileForm, SignInForm
from .models import User


def way_back(request: HttpRequest) -> str:
    """Where the user wanted to go, if that is a page of this platform."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else resolve_url(settings.LOGIN_REDIRECT_URL)


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language of the pages in this browser."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def show(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """A page with a form; 422 where the form was not good."""
    bad = context["form"].is_bound and not context["form"].is_valid()
    return render(request, template, context, status=422 if bad else 200)


@page(permission=PUBLIC)
@sensitive_post_parameters("password")
@never_cache
def login(request):
    """Sign in; a session that ended continues where it was."""
    if request.user.is_authenticated:
        return redirect(way_back(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = signin.sign_in(request=request, **form.cleaned_data)
        if user is not None:
            response = redirect(way_back(request))
            remember_language(response, user.language)
            return response
        form.add_error(None, _("The user name or the password is wrong."))
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "expired": settings.SESSION_COOKIE_NAME in request.COOKIES
        and request.method == "GET"
        and "next" in request.GET,
        "platform_name": settings.NODE_NAME,
        "division": own_division(),
        "tier_name": TierCode(settings.PLATFORM_TIER).label,
    }
    return show(request, "accounts/login.html", context)


def locked(request, original_response=None, credentials=None):
    """The answer to somebody who tried too often; called by the lock itself."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    message = _("Too many failed attempts. Try again in %(minutes)d minutes.") % {
        "minutes": minutes
    }
    if request.path.startswith("/api/"):
        body = {"code": "locked", "message": message, "fields": {}}
        return JsonResponse(body, status=429)
    context = {"message": message, "platform_name": settings.NODE_NAME}
    return render(request, "accounts/locked.html", context, status=429)


@page(permission=PUBLIC)
@require_POST
def logout(request):
    """Sign out."""
    signin.sign_out(request=request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def about(user: User) -> list[tuple[str, str]]:
    """What the platform knows about a person, label and value."""
    posts = user.posts.select_related("unit")
    return [
        (_("Full name"), user.full_name),
        (_("User name"), user.username),
        (_("Employee number"), user.employee_no),
        (_("Organisation"), user.unit.name if user.unit else ""),
        (_("Posts"), ", ".join(str(post) for post in posts)),
        (_("Roles"), ", ".join(sorted(roles.label(c) for c in user.role_codes))),
    ]


@page(permission=SIGNED_IN)
@never_cache
def profile(request):
    """Who I am here, and what I may change about it."""
    user = request.user
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user.refresh_from_db()
        services.change_profile(
            user=user, by=user, phone=data["phone"], email=data["email"]
        )
        services.set_language(user=user, language=data["language"])
        messages.success(request, _("Your profile has been saved."))
        response = redirect("accounts:profile")
        remember_language(response, data["language"])
        return response
    context = {
        "form": form,
        "title": _("My profile"),
        "about": about(user),
        "events": recent_of(user.pk, "signin."),
    }
    return show(request, "accounts/profile.html", context)


@page(permission=SIGNED_IN)
@sensitive_post_parameters()
@never_cache
def password(request):
    """Change the own password; other sessions of the same person end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change_own_password(
                user=request.user, old=data["old"], password=data["password"]
            )
        except DomainError as error:
            for name, texts in error.fields.items():
                form.add_error(name, texts)
        else:
            update_session_auth_hash(request, request.user)
            request.session[signin.CHANGE_FLAG] = False
            messages.success(request, _("Your password has been changed."))
            return redirect(way_back(request))
    context = {
        "form": form,
        "title": _("Change password"),
        "forced": request.user.must_change_password,
        "next": request.GET.get("next", ""),
    }
    return show(request, "accounts/password.html", context)
