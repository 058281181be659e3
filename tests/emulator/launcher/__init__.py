"""moto's server, brought nearer to AWS where avm depends on how AWS behaves.

moto keeps all state: everything here replaces or adds single functions of moto 5.2.5 (see `patch.py`), so that
the services' own APIs and CloudFormation see the same resources. Each module covers one area and says in its
first lines what AWS does there that stock moto does not.

Run it as `python -m launcher --port 0` with this folder's parent on the Python path; `settings.py` lists the
environment variables. The first line on stdout is `listening on 127.0.0.1:PORT`. It serves until its stdin is
closed or it is told to stop.

| request | does |
|---|---|
| `GET /avm/calls` | every AWS request so far, oldest first |
| `DELETE /avm/calls` | forgets them |
| `POST /avm/faults` | `[{"operation": "CreateAccount", "nth": 1}]`: see `faults.py` |
| `GET /avm/faults` | the faults that are still to come |
| `DELETE /avm/faults` | takes them back |
| `GET /avm/secrets` | the secret access keys and session tokens that AssumeRole has handed out |
| `GET /avm/held` | the calls that are being held |
| `POST /avm/allow` | refuses every call that is not allowed: see `permissions.py` |
| `DELETE /avm/allow` | allows everything again |
| `POST /avm/pending` | no change set is looked at any more: all stay pending |
| `DELETE /avm/pending` | they are looked at again |
| `POST /avm/age` | `{"seconds": 7200}`: all change sets were made that much earlier |
"""
