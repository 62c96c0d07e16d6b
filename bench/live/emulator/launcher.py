"""Runs MiniStack with a bound on the processes of each function.

MiniStack starts a process for every invocation that finds none idle. On a small machine a backlog then starts hundreds,
none of which gets anywhere before its function's timeout, which starts the next. Here an invocation waits for its turn,
as if the function had been asked a moment later; the wait does not count against the function's timeout.
"""

import collections
import threading

from ministack import app
from ministack.services import lambda_svc

PROCESSES_A_FUNCTION = 3

turns = collections.defaultdict(lambda: threading.BoundedSemaphore(PROCESSES_A_FUNCTION))
execute = lambda_svc._execute_function_warm


def execute_in_turn(function, event, request_id):
    with turns[(function.get("config") or function)["FunctionArn"]]:
        return execute(function, event, request_id)


lambda_svc._execute_function_warm = execute_in_turn
app.main()
