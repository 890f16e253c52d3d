# One image for every tier; the tier is an environment variable.
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=platform_core.settings.production
WORKDIR /app
COPY requirements-dev.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=assets /app/node_modules ./node_modules
# Babel compiles the catalogues and is not needed afterwards.
RUN python -m venv /tmp/tools \
    && /tmp/tools/bin/pip install --no-cache-dir --require-hashes -r requirements-dev.lock \
    && /tmp/tools/bin/python scripts/vendor.py \
    && /tmp/tools/bin/python scripts/messages.py compile \
    && rm -rf /tmp/tools node_modules \
    && SECRET_KEY=build REDIS_URL=redis://build python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 platform \
    && install -d -o platform /srv/platform
USER platform
ENV VAR_DIR=/srv/platform
EXPOSE 8000
CMD ["gunicorn", "platform_core.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--max-requests", "20000", "--max-requests-jitter", "2000"]
