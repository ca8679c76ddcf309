#!/usr/bin/env bash
# Installs the server MLflow from PyPI into target/mlflow, for tests with the real server (360 MB).
#
# scripts/mlflow.txt has MLflow without the libraries for training models (`mlflow-skinny`), what its server needs, and their
# dependencies with their versions. To update, run `pip install mlflow-skinny sqlalchemy alembic Flask Flask-CORS graphene
# aiohttp numpy pandas` in an empty environment and write the output of `pip freeze` to the file.
exec "$(dirname "$0")/install-python.sh" mlflow
