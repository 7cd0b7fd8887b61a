"""What authors write shows to readers when it is published, in lists, search and mails."""

from onboarding.models import Assignment
from portal.notifications.models import Delivery


def test_readers_see_and_find_the_words_that_were_published(published, alice, nina, client_of):
    published.describe(by=alice, title="Secret merger", purpose="You know of the merger.")
    browser = client_of(nina)

    addresses = ("/guides/", "/guides/?q=merger", "/search/?q=merger")
    pages = [browser.get(address) for address in addresses]
    found = browser.get("/search/?q=first").content.decode()

    assert not any("Secret merger" in page.content.decode() for page in pages)
    assert "First day" in pages[0].content.decode()
    assert "First day" in found
    published.publish(by=alice)
    assert "Secret merger" in browser.get("/guides/?q=merger").content.decode()


def test_mails_say_what_was_published(published, alice, nina):
    nina.email = "nina@example.org"
    nina.save()
    published.describe(by=alice, title="Secret merger", purpose="You know of the merger.")
    Assignment.objects.assign(published, by=alice, user=nina)

    mail = Delivery.objects.get()
    assert "First day" in mail.subject
    assert "merger" not in mail.subject + mail.text
