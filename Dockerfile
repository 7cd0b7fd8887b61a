# The tag names the patch release; where your registry can be asked, add the digest.
FROM python:3.11.15-slim-trixie

# Pictures and prints of guides need Chromium: docker build --build-arg CHROMIUM=1 . (much larger)
# The container confines it: its own sandbox needs namespaces, which containers may not make.
ARG CHROMIUM=
RUN if [ -n "$CHROMIUM" ]; then \
      apt-get update \
   && apt-get install --yes --no-install-recommends chromium fonts-dejavu-core \
   && rm -rf /var/lib/apt/lists/* \
   && echo 'export CHROMIUM_FLAGS="$CHROMIUM_FLAGS --no-sandbox --disable-dev-shm-usage"' \
      > /etc/chromium.d/container; \
    fi
ENV PORTAL_CHROMIUM=${CHROMIUM:+/usr/bin/chromium}

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
RUN python -m compileall -q . \
 && PORTAL_STATIC_ROOT=/app/staticfiles \
    python manage.py collectstatic --noinput --verbosity 0 --ignore redoc --ignore rest_framework \
 && useradd --system --uid 10001 --no-create-home portal \
 && install --directory --owner portal --mode 0700 /data

# It writes to /data and, as long as something runs, to /tmp; the rest may be read-only.
USER portal
VOLUME /data
EXPOSE 8000
ENV HOME=/tmp PORTAL_DATA=/data PORTAL_STATIC_ROOT=/app/staticfiles PORTAL_BIND=0.0.0.0:8000

HEALTHCHECK --start-period=20s --interval=15s --timeout=5s \
  CMD ["python", "-c", "from portal.gunicorn import ask_health; ask_health()"]

# Refuses unsafe settings and missing migrations with a sentence, then serves.
CMD ["sh", "-c", "python manage.py preflight && exec gunicorn --config python:portal.gunicorn portal.wsgi"]
