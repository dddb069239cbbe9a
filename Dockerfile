# The workspace in a container: not root, nothing written but the volume /data and /tmp.
FROM python:3.12-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY src src
# --frozen: what was reviewed is what is installed
RUN UV_PROJECT_ENVIRONMENT=/opt/assay uv sync --frozen --no-dev --no-editable --extra web --extra postgres

FROM python:3.12-slim
RUN useradd --uid 10001 --home-dir /data --shell /usr/sbin/nologin assay && install -d -o assay -g assay -m 0700 /data
COPY --from=build /opt/assay /opt/assay
ENV PATH=/opt/assay/bin:$PATH ASSAY_HOME=/data/home ASSAY_LOG=json PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
EXPOSE 8321
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8321/healthz', headers={'Host': __import__('os').environ.get('ASSAY_URL', 'http://localhost').split('//')[1], 'X-Forwarded-Proto': 'https'}), timeout=4)"]
ENTRYPOINT ["assay"]
CMD ["serve", "--bind", "0.0.0.0", "--port", "8321"]
