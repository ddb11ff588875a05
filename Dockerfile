FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt
COPY manage.py gunicorn.conf.py ./
COPY layersrank_site layersrank_site
COPY leads leads
COPY pages pages
COPY templates templates
COPY static static
COPY content content
COPY deploy deploy
RUN python manage.py collectstatic --noinput && python manage.py build_media && useradd --system site && chown -R site var

USER site
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate --verbosity 0 && exec python deploy/supervise.py"]
