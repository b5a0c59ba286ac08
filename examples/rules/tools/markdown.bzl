"""Documents out of chapters: a rule with a provider, and a macro on top of it."""

ChapterInfo = provider(
    doc = "What a book has to know of a chapter.",
    fields = {
        "text": "the file with its text",
        "title": "what stands above it",
    },
)

def _chapter_impl(ctx):
    # A target declares its outputs and the actions that make them; nothing runs yet.
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.run_shell(
        arguments = [ctx.attr.title, ctx.file.src.path, out.path],
        command = """
            echo "== $1 =="  > "$3"
            cat "$2"       >> "$3"
        """,
        inputs = [ctx.file.src],
        mnemonic = "Chapter",
        outputs = [out],
    )
    return [
        DefaultInfo(files = depset([out])),
        ChapterInfo(
            text = out,
            title = ctx.attr.title,
        ),
    ]

chapter = rule(
    attrs = {
        "src": attr.label(
            allow_single_file = True,
            doc = "The text.",
            mandatory = True,
        ),
        "title": attr.string(
            doc = "What stands above it.",
            mandatory = True,
        ),
    },
    doc = "A chapter of a book.",
    implementation = _chapter_impl,
    provides = [ChapterInfo],
)

def _book_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    contents = ctx.actions.declare_file(ctx.label.name + ".contents")
    chapters = [target[ChapterInfo] for target in ctx.attr.chapters]
    ctx.actions.write(contents, "".join(["- %s\n" % chapter.title for chapter in chapters]))
    texts = [contents] + [chapter.text for chapter in chapters]
    ctx.actions.run_shell(
        arguments = [out.path, "tr a-z A-Z" if ctx.attr.loud else "cat"] + [text.path for text in texts],
        command = 'out=$1; how=$2; shift 2; cat "$@" | $how > "$out"',
        inputs = texts,
        mnemonic = "Book",
        outputs = [out],
    )
    return [DefaultInfo(files = depset([out]))]

book = rule(
    attrs = {
        # Something that is no chapter is refused, with the place where it is named.
        "chapters": attr.label_list(
            doc = "Its chapters, in their order.",
            mandatory = True,
            providers = [ChapterInfo],
        ),
        "loud": attr.bool(doc = "Whether it is printed in capitals."),
    },
    doc = "Chapters behind a table of contents.",
    implementation = _book_impl,
)

def book_of(name, chapters, **kwargs):
    """A book, and a chapter of it for each file. A macro is a plain function that calls rules.

    Args:
      chapters: titles by file
      **kwargs: what else the book gets
    """
    for file in chapters:
        chapter(
            name = file.removesuffix(".md"),
            src = file,
            title = chapters[file],
            visibility = ["//visibility:private"],
        )
    book(
        name = name,
        chapters = [":" + file.removesuffix(".md") for file in chapters],
        **kwargs
    )
