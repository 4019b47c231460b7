"""Reads an Airflow DAG without Airflow: prints what it is made of, and what its task raises, as JSON.

Usage: airflow_dag.py FILE
"""

import json
import runpy
import sys
import types


class AirflowException(Exception):
    """As airflow.exceptions has it."""


class AirflowFailException(AirflowException):
    """As airflow.exceptions has it: the task fails, and is not tried again."""


class Dag:
    """Takes what airflow.DAG is given."""

    def __init__(self, **settings):
        made["schedule"] = settings["schedule"]
        assert settings["dag_id"] and settings["start_date"] and settings["catchup"] is False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class SparkSubmitOperator:
    """Takes what the provider's operator is given; its job ends as it is told."""

    message = ""

    def __init__(self, task_id, application, java_class, application_args, **more):
        made.update(java_class=java_class, application_args=application_args)
        made["operator"] = self
        known = {"conf", "executor_memory", "driver_memory", "executor_cores", "num_executors"}
        assert set(more) <= known, more

    def execute(self, context):
        raise AirflowException(self.message)


made = {}
modules = {
    "airflow": {"DAG": Dag},
    "airflow.exceptions": {
        "AirflowException": AirflowException,
        "AirflowFailException": AirflowFailException,
    },
    "airflow.providers": {},
    "airflow.providers.apache": {},
    "airflow.providers.apache.spark": {},
    "airflow.providers.apache.spark.operators": {},
    "airflow.providers.apache.spark.operators.spark_submit": {
        "SparkSubmitOperator": SparkSubmitOperator
    },
}
for name, members in modules.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)

runpy.run_path(sys.argv[1])
operator = made.pop("operator")
made["raised"] = {}
for status in (2, 3, 4, None):
    operator.message = (
        "no number" if status is None else f"Cannot execute: x. Error code is: {status}."
    )
    try:
        operator.execute({})
    except AirflowException as raised:
        made["raised"]["null" if status is None else str(status)] = (
            f"{type(raised).__name__}: {raised}"
        )
print(json.dumps(made))
