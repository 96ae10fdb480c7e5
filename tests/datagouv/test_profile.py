"""Profiles: what is accepted, and the key that no text shows."""

import pytest

from ckanext.scdl.datagouv import Profile
from ckanext.scdl.datagouv.address import is_public
from ckanext.scdl.datagouv.errors import ProfileInvalid
from tests.datagouv.examples import KEY, ORGANIZATION

URL = "https://www.data.gouv.fr"


def test_a_good_profile():
    profile = Profile("p", f" {URL}/ ", f" {KEY}\n", ORGANIZATION, {"ville": "f" * 24})
    assert (profile.url, profile.api_key) == (URL, KEY)
    assert profile.all_organizations == (ORGANIZATION, "f" * 24)
    assert profile.organization_for("ville") == "f" * 24
    assert profile.organization_for("autre") == ORGANIZATION


def test_the_key_is_not_shown():
    profile = Profile("p", URL, KEY, ORGANIZATION)
    assert KEY not in f"{profile!r} {profile} {profile!s:>10}"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:7000", "http://localhost:7000", "http://[::1]:1"]
)
def test_plain_http_on_this_machine(url):
    assert Profile("p", url, KEY).url == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "profile_url"),
        ("www.data.gouv.fr", "profile_url"),
        ("ftp://www.data.gouv.fr", "profile_url"),
        (f"{URL}/api/1", "profile_url"),
        (f"{URL}?x=1", "profile_url"),
        ("https://moi:mot@www.data.gouv.fr", "profile_url"),
        ("https://[::1", "profile_url"),
        ("https://www.data.gouv.fr:port", "profile_url"),
        ("http://www.data.gouv.fr", "profile_https"),
        ("http://127.0.0.1.example.org", "profile_https"),
    ],
)
def test_addresses_refused(url, code):
    with pytest.raises(ProfileInvalid) as caught:
        Profile("p", url, KEY)
    assert caught.value.finding.code == code


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "profile_key_missing"),
        ("   ", "profile_key_missing"),
        ("c0urt", "profile_key_malformed"),
        ("clé-avec-accent-0123456789", "profile_key_malformed"),
        ("deux mots 0123456789", "profile_key_malformed"),
        ("deux\nlignes-0123456789", "profile_key_malformed"),
        ("zero\x00-0123456789", "profile_key_malformed"),
    ],
)
def test_keys_refused_without_being_quoted(key, code):
    with pytest.raises(ProfileInvalid) as caught:
        Profile("p", URL, key)
    assert caught.value.finding.code == code
    assert not key.strip() or key.strip() not in str(caught.value)


@pytest.mark.parametrize("organization", ["ville-de-labo", "0123", ORGANIZATION.upper()])
def test_a_slug_is_no_identifier(organization):
    for arguments in ((organization,), (None, {"ville": organization})):
        with pytest.raises(ProfileInvalid) as caught:
            Profile("p", URL, KEY, *arguments)
        assert caught.value.finding.params["organization"] == organization


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("mode", "ftp"),
        ("not_conforming", "delete"),
        ("harvested", "ignore"),
        ("owned_fields", "resources"),
    ],
)
def test_a_word_that_means_nothing_is_named_with_those_that_do(option, word):
    value = frozenset({word}) if option == "owned_fields" else word
    with pytest.raises(ProfileInvalid) as caught:
        Profile("p", URL, KEY, **{option: value})
    assert caught.value.finding.code == "profile_word"
    assert caught.value.finding.params["option"] == option
    assert word in str(caught.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://opendata.exemple.fr", True),
        ("http://opendata.exemple.fr:8080", True),
        ("https://8.8.8.8", True),
        ("https://[2606:4700::1]", True),
        ("http://localhost", False),
        ("http://portail", False),
        ("http://127.0.0.1:5000", False),
        ("http://127.1", False),
        ("http://0x7f.1", False),
        ("http://10.0.0.1", False),
        ("http://192.168.1.1.", False),
        ("http://[::1]", False),
        ("http://[fe80::1]", False),
        ("http://portail.local", False),
        ("http://portail.intranet.", False),
        ("ftp://opendata.exemple.fr", False),
        ("https://", False),
        ("https://exemple.fr:port", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public
    profile = Profile("p", URL, KEY, portal_url=address)
    if public:
        profile.check_portal_address()
    else:
        with pytest.raises(ProfileInvalid):
            profile.check_portal_address()
    Profile("p", URL, KEY, portal_url=address, mode="upload").check_portal_address()
    Profile("p", URL, KEY, portal_url=address, allow_local=True).check_portal_address()
