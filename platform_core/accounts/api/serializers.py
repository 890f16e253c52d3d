"""What the API tells about accounts."""

from rest_framework import serializers

from platform_core.accounts.models import OrgUnit, User


class CredentialsSerializer(serializers.Serializer):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(
        max_length=128, trim_whitespace=False, write_only=True
    )


class TokenSerializer(serializers.Serializer):
    """A token for the header `Authorization: Token …` and when it ends."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class OwnUnitSerializer(serializers.ModelSerializer):
    """An organisation in short."""

    division = serializers.CharField(source="division_id")

    class Meta:
        model = OrgUnit
        fields = ("uid", "code", "name", "kind", "division")


class MeSerializer(serializers.ModelSerializer):
    """The own account with roles and permissions."""

    unit = OwnUnitSerializer(allow_null=True)
    roles = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "uid",
            "username",
            "full_name",
            "email",
            "phone",
            "language",
            "must_change_password",
            "unit",
            "roles",
            "permissions",
        )

    def get_roles(self, user: User) -> list[str]:
        return sorted(user.role_codes)

    def get_permissions(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())
