"""scrubber as a step of other programs: datatrove, Hugging Face datasets, Scrapy, LangChain. Thin, one file each."""
