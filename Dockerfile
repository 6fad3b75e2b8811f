# One image for every process; the command says which one a container runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --system --user-group --home-dir /app --shell /usr/sbin/nologin investiture
WORKDIR /app

# Dossiers in Chinese are set in these; everything else brings its own.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*

# The pins change less often than the program, so that they have a layer of their own.
COPY requirements-runtime.lock ./
RUN pip install --require-hashes -r requirements-runtime.lock

COPY . .

# Volumes that are mounted here for the first time take over whose they are.
RUN install -d -o investiture -g investiture /srv/log && \
    install -d -m 700 -o investiture -g investiture /srv/log-signer /srv/witness

USER investiture
EXPOSE 8080
ENTRYPOINT ["python", "-m", "runtime.cli"]
CMD ["api"]

# What this means for each process is said in runtime/probe.py; docker-compose.yml names the process.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-m", "runtime.probe", "api"]
