FROM python:3.11-slim
WORKDIR /opt/whence
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ui.py ./
COPY assistant assistant
COPY index index
COPY prompts prompts
RUN pip install --no-cache-dir --constraint constraints.txt . \
    && useradd --create-home whence && install -d -o whence /srv/news
USER whence
ENV WHENCE_INDEX=/srv/news WHENCE_LOG=json HF_HUB_OFFLINE=1 XDG_CACHE_HOME=/tmp/cache MALLOC_ARENA_MAX=2
VOLUME /srv/news
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=8)"]
ENTRYPOINT ["whence"]
CMD ["serve", "--host", "0.0.0.0"]
