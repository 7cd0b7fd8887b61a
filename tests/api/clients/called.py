"""With the client of OpenAPI Generator's python."""

import json
import os

import portal_client
from portal_client.exceptions import NotFoundException

configuration = portal_client.Configuration(
    host=os.environ["PORTAL"], access_token=os.environ["TOKEN"]
)
with portal_client.ApiClient(configuration) as client:
    api = portal_client.RunbooksApi(client)
    slug = api.runbooks_list(limit=10).results[0].slug
    read = api.runbooks_read(slug)
    draft = portal_client.DraftRequest(text=f"{read.text}\n3. Tell the team.\n", note="Tell them")
    drafted = api.versions_draft(slug=slug, if_match=read.etag, draft_request=draft)
    try:
        api.runbooks_read("nowhere")
    except NotFoundException as refusal:
        problem = [refusal.data.status, refusal.data.instance]
    said = {"read": slug, "number": drafted.number, "state": drafted.state, "problem": problem}
    print(json.dumps(said))  # noqa: T201
