"""The shared cache."""

from platform_core.common.caching import RedisCache


def test_a_process_keeps_one_client_per_server():
    servers = ["redis://127.0.0.1:1/0", "redis://127.0.0.1:2/0"]
    client = RedisCache(servers, {})._cache
    writing = client.get_client("a", write=True)
    assert client.get_client("b", write=True) is writing
    assert client.get_client("a") is client.get_client("b") is not writing


def test_each_cache_has_clients_of_its_own():
    one, other = (RedisCache("redis://127.0.0.1:1/0", {})._cache for _ in range(2))
    assert one.get_client("a") is not other.get_client("a")
