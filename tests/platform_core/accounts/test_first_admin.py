"""A new node gets its first administrator from the command line."""

import pytest
from django.core.management import CommandError, call_command

from platform_core.accounts.models import User


@pytest.mark.django_db
def test_prints_a_password_that_must_be_changed(capsys):
    call_command("first_admin", "root1", "--unit", "运行中心")
    name, password = capsys.readouterr().out.split()
    user = User.objects.get(username="root1")
    assert name == "root1"
    assert user.check_password(password)
    assert user.must_change_password
    assert "sys_admin" in user.role_codes


@pytest.mark.django_db
def test_refuses_a_name_that_exists():
    call_command("first_admin", "root1")
    with pytest.raises(CommandError):
        call_command("first_admin", "root1")
