FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
RUN python -m compileall -q . \
 && PORTAL_DATA=/tmp/build PORTAL_STATIC_ROOT=/app/staticfiles \
    python manage.py collectstatic --noinput --verbosity 0 --ignore redoc --ignore rest_framework \
 && rm -r /tmp/build \
 && useradd --system --uid 10001 --no-create-home portal \
 && install --directory --owner portal --mode 0750 /data

USER portal
VOLUME /data
EXPOSE 8000
ENV PORTAL_DATA=/data PORTAL_STATIC_ROOT=/app/staticfiles PORTAL_BIND=0.0.0.0:8000

HEALTHCHECK --start-period=20s --interval=15s --timeout=5s \
  CMD ["python", "-c", "from portal.gunicorn import ask_health; ask_health()"]

# Refuses unsafe settings and missing migrations with a sentence, then serves.
CMD ["sh", "-c", "python manage.py preflight && exec gunicorn --config python:portal.gunicorn portal.wsgi"]
