"""Explains the pictures of /etc/gradlens/nightly.conf every night, for Airflow 2.6 and later.

It needs the provider apache-airflow-providers-apache-spark and its connection spark_default, whose
deploy mode is client: a driver in the cluster would not hand its exit status to spark-submit.
"""

import re
from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowException, AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

# What started again would end the same way again.
FINAL = {
    1: "bad command line",
    2: "bad input or configuration",
    4: "a threshold was breached, everything is written",
}


class GradlensOperator(SparkSubmitOperator):
    """Fails without another try where that would be in vain, with a sentence that says why."""

    def execute(self, context):
        try:
            super().execute(context)
        except AirflowException as failure:
            status = re.search(r"Error code is: (\d+)", str(failure))
            reason = FINAL.get(int(status.group(1))) if status else None
            if reason:
                raise AirflowFailException(f"Gradlens: {reason}; the log has the rest") from failure
            raise


with DAG(
    dag_id="gradlens_nightly",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        # A run that was killed goes on where it stopped.
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "email": ["audit@example.com"],
        "email_on_failure": True,
    },
):
    GradlensOperator(
        task_id="explain",
        application="/opt/gradlens/jobs/target/gradlens-jobs-0.1.0.jar",
        java_class="io.gradlens.jobs.Gradlens",
        application_args=[
            "explain",
            "--config",
            "/etc/gradlens/nightly.conf",
            "--output",
            "/srv/gradlens/{{ ds }}",
        ],
        executor_memory="8g",
        conf={"spark.executor.memoryOverhead": "8g"},
    )
