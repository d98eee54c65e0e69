"""`arclight cancel JOB`."""

from arclight.cli.connect import ApiKey, AsJson, HomePath, JobId, Url, connect


def cancel(
    job: JobId,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """End a job now; its program stops within 5 s."""
    with connect(url, api_key, home) as client:
        ended = client.cancel(job)
    print(ended.json_text() if as_json else f"{ended.id} {ended.state}")
