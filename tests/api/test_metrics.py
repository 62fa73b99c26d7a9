"""Figures are given to whom the operator names, and to nobody else."""

import pytest

TOKEN = "a token of more than thirty-two characters"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "setting, headers, is_given",
    [
        ("", {}, False),
        ("loopback", {}, True),
        ("loopback", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("loopback", {"REMOTE_ADDR": "10.0.0.1"}, False),
        (TOKEN, {}, False),
        (TOKEN, {"Authorization": "Bearer "}, False),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}x"}, False),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "10.0.0.1"}, True),
    ],
)
def test_only_whom_the_setting_names_is_given_figures(
    client, settings, tmp_path, monkeypatch, setting, headers, is_given
):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    settings.METRICS = setting
    address = {"REMOTE_ADDR": headers["REMOTE_ADDR"]} if "REMOTE_ADDR" in headers else {}
    told = {name: value for name, value in headers.items() if name not in address}
    answer = client.get("/api/metrics", headers=told, **address)
    nothing = client.get("/api/nothing")
    if is_given:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "pressroom_overdue_publications 0.0" in answer.content.decode()
    else:
        assert (
            (answer.status_code, answer.content)
            == (nothing.status_code, nothing.content)
            == (404, nothing.content)
        )
        assert dict(answer.items()) == dict(nothing.items())
