def test_the_sample_is_loaded_once(newsroom):
    first = newsroom.run("load_sample")
    assert first.returncode == 0 and first.stdout.startswith(
        "44 posts: 44 new, 0 changed, 0 unchanged, 0 failed."
    )
    assert newsroom.run("load_sample").stdout == ""
