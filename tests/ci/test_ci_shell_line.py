"""What becomes of the builds in a shell text, apart from whole files."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.ci.branch import CIRCLECI, GITLAB, JENKINS
from reorder.ci.contract import Found, Settings
from reorder.ci.edits import Edit, applied
from reorder.ci.shell.line import Around, rewrite_script
from reorder.ci.shell.relaxed import relaxed
from reorder.shell.nodes import Opaque
from reorder.shell.parse import parse

NONE = Settings("main")
PLAIN = "docker build -t o/app:1 .\ndocker push o/app:1\n"
CACHE = (
    "--cache-from type=registry,ref=o/app:cache-main "
    '--cache-from "type=registry,ref=o/app:cache-$CI_COMMIT_REF_SLUG" '
    '--cache-to "type=registry,ref=o/app:cache-$CI_COMMIT_REF_SLUG,mode=max,image-manifest=true,'
    'oci-mediatypes=true,ignore-error=true"'
)
# One line for each command, and no lines before it.
SHORT = Around(builder=True, wrap=False)


def made(text: str, around: Around = SHORT, given: Settings = NONE) -> tuple[str, list[Found]]:
    edits, found = rewrite_script(text, given, GITLAB, around)
    after = applied(text, edits)
    assert rewrite_script(after, given, GITLAB, around)[0] == []
    return after, found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, f"docker buildx build -t o/app:1 . {CACHE} --push\n"),
        (
            "docker build . --tag=o/app:1 && docker push o/app:1 && x\n",
            f"docker buildx build . --tag=o/app:1 {CACHE} --push && x\n",
        ),
        (
            "docker -H tcp://x build -to/app:1 .\ndocker image push o/app:1\n",
            f"docker -H tcp://x buildx build -to/app:1 . {CACHE} --push\n",
        ),
        (
            "DOCKER_BUILDKIT=1 A=b docker builder build -qt o/app .\ndocker push o/app:latest\n",
            f"A=b docker buildx build -qt o/app . {CACHE} --push\n",
        ),
        (
            "docker buildx build --load -t o/app:1 .\ndocker push o/app:1\n",
            f"docker buildx build --load -t o/app:1 . {CACHE}\ndocker push o/app:1\n",
        ),
        (
            "docker buildx build -o type=registry -t o/app:1 .\n",
            f"docker buildx build -o type=registry -t o/app:1 . {CACHE}\n",
        ),
        (
            "docker build -t o/app:1 . | tee log\ndocker push o/app:1\n",
            f"docker buildx build -t o/app:1 . {CACHE} --load | tee log\ndocker push o/app:1\n",
        ),
        (
            "docker build -t o/app:1 .; docker push o/app:1\n",
            f"docker buildx build -t o/app:1 . {CACHE} --load; docker push o/app:1\n",
        ),
    ],
)
def test_the_flags_stay_in_order(before: str, after: str) -> None:
    assert made(before)[0] == after


@pytest.mark.parametrize(
    "rest",
    [
        "docker run o/app:1 test\ndocker push o/app:1\n",
        "# to the registry\ndocker push o/app:1\n",
        "docker push o/app:1 # now\n",
        "docker push o/app:1 || exit 1\n",
        "docker push --all-tags o/app\n",
        "docker push o/app:1\ndocker tag o/app:1 o/app:2\ndocker push o/app:2\n",
        "docker push o/app:1\ndocker rmi o/app:1\n",
        "docker push o/app:1 >> log\n",
        "./test.sh\ndocker push o/app:1\n",
        "if x; then docker push o/app:1; fi\n",
    ],
)
def test_a_push_that_stays(rest: str) -> None:
    after, _ = made("docker build -t o/app:1 .\n" + rest)
    assert after == f"docker buildx build -t o/app:1 . {CACHE} --load\n" + rest


def test_a_push_stays_if_another_tag_is_not_pushed() -> None:
    after, _ = made("docker build -t o/app:1 -t o/app:2 .\ndocker push o/app:1\n")
    assert after.endswith(" --load\ndocker push o/app:1\n")


@pytest.mark.parametrize("later", ["docker run o/app:1\n", "trivy image o/app:1\n"])
def test_a_later_step_needs_the_image(later: str) -> None:
    after, _ = made(PLAIN, Around(builder=True, wrap=False, after=later))
    assert after.endswith(" --load\ndocker push o/app:1\n")


@pytest.mark.parametrize(
    "later",
    [
        "kubectl set image deployment/app app=o/app:1\n",
        "echo pushed o/app:1\n",
        "IMAGE=o/app:1\n",
        "docker build --build-arg FROM=o/app:1 .\n",
        "docker logout\n",
    ],
)
def test_a_later_step_speaks_of_the_image_only(later: str) -> None:
    done = f"docker buildx build -t o/app:1 . {CACHE} --push\n"
    assert made(PLAIN, Around(builder=True, wrap=False, after=later))[0] == done
    assert made(PLAIN + later)[0] == done + later


def test_a_later_step_pushes() -> None:
    text = "docker build -t o/app:1 .\n"
    assert made(text)[1][0].status == "refused"
    after, _ = made(text, Around(builder=True, wrap=False, after="docker push o/app:1\n"))
    assert after == f"docker buildx build -t o/app:1 . {CACHE} --load\n"


def test_a_push_at_the_end_without_a_newline() -> None:
    assert made(PLAIN[:-1])[0] == f"docker buildx build -t o/app:1 . {CACHE} --push"


@pytest.mark.parametrize(
    ("name", "repository"),
    [
        ('"$CI_REGISTRY_IMAGE"', "$CI_REGISTRY_IMAGE"),
        ("$CI_REGISTRY_IMAGE/web:$TAG", "$CI_REGISTRY_IMAGE/web"),
        ('"${REGISTRY}"/app:"$TAG"', "${REGISTRY}/app"),
        ("r.io:5000/app:1", "r.io:5000/app"),
        ("r.io/app:${TAG:-x/y:z}", "r.io/app"),
        ("r.io/app:$(date +%H:%M/%S)", "r.io/app"),
        ("'r.io/app:1'", "r.io/app"),
        ("${{ env.IMAGE }}:${{ github.sha }}", "${{ env.IMAGE }}"),
        ("$KNOWN", "r.io/known"),
        ("$PART/app", "$PART/app"),
    ],
)
def test_the_repository_of_a_name(name: str, repository: str) -> None:
    around = Around(builder=True, variables={"KNOWN": "r.io/known:${TAG}", "PART": "r.io/part"})
    after, (found,) = made(f"docker build -t {name} .\ndocker push {name}\n", around)
    assert found.cache == repository
    assert f"ref={repository}:cache-main" in after
    assert "docker push" not in after


@pytest.mark.parametrize(
    ("names", "pushed", "repository"),
    [
        ("-t app -t o/app:1", "o/app:1", "o/app"),
        ("-t o/app:1 -t r.io/o/app:1", "r.io/o/app:1", "r.io/o/app"),
        ("-t o/app:1 -t r.io/o/app:1", "o/app:1", "o/app"),
    ],
)
def test_the_name_that_is_pushed(names: str, pushed: str, repository: str) -> None:
    after, (found,) = made(f"docker build {names} .\ndocker push {pushed}\n")
    assert found.cache == repository
    assert after.endswith(f"--load\ndocker push {pushed}\n")


def test_an_image_that_gets_the_name_of_the_registry_later() -> None:
    text = (
        "docker build -t app .\ndocker tag app:latest $REGISTRY/app:$TAG\n"
        "docker push $REGISTRY/app:$TAG\n"
    )
    after, (found,) = made(text, SHORT)
    assert found.cache == "$REGISTRY/app"
    first, _, rest = after.partition("\n")
    assert first.startswith("docker buildx build -t app . --cache-from ")
    assert first.endswith(" --load")
    assert rest == text.partition("\n")[2]
    assert made(text.replace("tag app", "tag web"))[0] == text.replace("tag app", "tag web")


def test_a_name_that_is_known_only_after_the_build() -> None:
    text = (
        "docker build -t app .\nREGISTRY=$(login)\n"
        "docker tag app $REGISTRY/app\ndocker push $REGISTRY/app\n"
    )
    after, (found,) = made(text)
    assert after == text
    assert "is set only after it" in found.reason


def test_a_repository_that_is_given() -> None:
    after, (found,) = made("docker build .\n", given=Settings("main", ref="r.io/caches"))
    assert found.cache == "r.io/caches"
    assert "ref=r.io/caches:cache-main" in after
    assert after.endswith("--load\n")


def test_images_in_a_repository_that_is_given_are_kept_apart() -> None:
    text = "docker build -t api api\ndocker build -t web web\n"
    after, _ = made(text, given=Settings("main", ref="r.io/caches"))
    assert "ref=r.io/caches:cache-api--main" in after
    assert "ref=r.io/caches:cache-web--main" in after
    assert "ref=r.io/caches:cache-main" not in after


@pytest.mark.parametrize(
    ("first", "second", "parts"),
    [
        ("--target a .", "--target b .", ("a--", "b--")),
        ("--target a .", ".", ("a--", "")),
        ("-f Dockerfile.a .", "-f b/Dockerfile .", ("a--", "b--")),
        ("--platform linux/amd64 .", "--platform linux/arm/v7 .", ("amd64--", "arm-v7--")),
        ("--build-arg X=1 .", "--build-arg X=2 .", ("tag0--", "tag1--")),
        ("--pull .", ".", ("", "")),
    ],
)
def test_different_builds_of_one_repository(
    first: str, second: str, parts: tuple[str, str]
) -> None:
    text = "".join(
        f"docker build -t o/app:tag{n} {build}\ndocker push o/app:tag{n}\n"
        for n, build in enumerate((first, second))
    )
    lines = made(text)[0].splitlines()
    for line, part in zip(lines, parts, strict=True):
        assert f"ref=o/app:cache-{part}main" in line
        assert f"ref=o/app:cache-{part}$CI_COMMIT_REF_SLUG,mode=max" in line


def test_a_build_that_is_added_to_one_with_a_cache() -> None:
    text = made("docker build --target a -t o/app:a .\ndocker push o/app:a\n")[0]
    assert "ref=o/app:cache-main" in text
    added = "docker build --target b -t o/app:b .\ndocker push o/app:b\n"
    after, _ = made(text + added)
    assert after.startswith(text)
    assert "ref=o/app:cache-b--main" in after.removeprefix(text)
    assert "ref=o/app:cache-main" not in after.removeprefix(text)


def test_builds_that_cannot_be_told_apart() -> None:
    text = (
        "docker build --target $A -t o/app:1 .\ndocker push o/app:1\n"
        "docker build --target $B -t o/app:2 .\ndocker push o/app:2\n"
    )
    after, found = made(text)
    assert after == text
    assert {f.reason for f in found} == {"Its cache would lie where another build's lies."}


@pytest.mark.parametrize(
    "before",
    [
        "docker buildx create --use\n",
        "docker buildx create --name x\ndocker buildx use x\n",
        "export BUILDX_BUILDER=x\n",
    ],
)
def test_a_builder_that_is_there(before: str) -> None:
    edits, _ = rewrite_script(before + PLAIN, NONE, GITLAB)
    assert "buildx create" not in "".join(edit.text for edit in edits)
    edits, _ = rewrite_script(PLAIN, NONE, GITLAB, Around(before=before))
    assert "buildx create" not in "".join(edit.text for edit in edits)


def test_a_builder_that_is_made_and_not_used() -> None:
    edits, _ = rewrite_script("docker buildx create --name x\n" + PLAIN, NONE, GITLAB)
    assert "docker buildx create --use\n" in "".join(edit.text for edit in edits)


def test_lines_before_a_build_are_whole_lines() -> None:
    text = f"set -e\nif x; then\n\t{PLAIN[:-1]}\nfi\n".replace("\ndocker", "\n\tdocker")
    edits, _ = rewrite_script(text, NONE, JENKINS)
    first = min(edits)
    assert first.start == first.end == text.index("\tdocker build")
    assert all(line.startswith("\t") for line in first.text.splitlines())
    assert first.text.endswith("\n")
    gone = max(edits)
    assert text[gone.start : gone.end] == "\tdocker push o/app:1\n"


FILE = Settings("main", branched=frozenset({"compose.yaml", "ci/docker-bake.hcl"}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("docker compose build\n", "are only read"),
        ("docker compose -f other.yaml build\ndocker compose push\n", "from the compose file"),
        ("docker compose up --build\ndocker compose push\n", "from the compose file"),
        ("docker buildx bake -f other.hcl --push\n", "from its own file"),
        ("docker buildx bake -f ci/docker-bake.hcl\n", "are only read"),
        ("x=$(docker compose build)\ndocker compose push\n", "are only read"),
    ],
)
def test_files_with_caches_that_are_not_pushed_here(text: str, reason: str) -> None:
    edits, (found,) = rewrite_script(text, FILE, GITLAB)
    assert (edits, found.status) == ([], "refused")
    assert reason in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "docker compose build --pull\ndocker compose push\n",
        "docker compose -f ./compose.yaml build --push\n",
        "docker buildx bake -f ci/docker-bake.hcl --push\n",
        "docker buildx bake --file=ci/docker-bake.hcl --set *.output=type=registry\n",
    ],
)
def test_a_file_with_caches_is_told_the_branch(text: str) -> None:
    lines = 'export CACHE_BRANCH="$CI_COMMIT_REF_SLUG"\ndocker buildx create --use\n'
    edits, (found,) = rewrite_script(text, FILE, GITLAB)
    assert applied(text, edits) == lines + text
    assert found.status == "rewritten"
    again, (found,) = rewrite_script(lines + text, FILE, GITLAB)
    assert (again, found.status) == ([], "fine")


def test_a_builder_with_a_name_is_told_to_compose() -> None:
    edits, _ = rewrite_script("docker compose build\ndocker compose push\n", FILE, JENKINS)
    after = applied("docker compose build\ndocker compose push\n", edits)
    assert after.endswith("\ndocker compose build --builder registry-cache\ndocker compose push\n")
    assert ")\nexport CACHE_BRANCH\ndocker buildx inspect registry-cache " in after


def test_a_build_is_added_to_a_script_with_a_named_builder() -> None:
    edits, _ = rewrite_script(PLAIN, NONE, JENKINS)
    text = applied(PLAIN, edits)
    added = PLAIN.replace("app", "web")
    edits, _ = rewrite_script(text + added, NONE, JENKINS)
    after = applied(text + added, edits).removeprefix(text)
    assert after.startswith("docker buildx build -t o/web:1 . \\\n  --builder registry-cache ")


def test_secrets_in_build_arguments() -> None:
    arguments = "--build-arg NPM_TOKEN --build-arg KEY=1 --build-arg MONKEY=1 --build-arg A=b"
    _, (found,) = made(f"docker build {arguments} -t o/app:1 .\ndocker push o/app:1\n")
    assert [w.split()[3] for w in found.warnings] == ["NPM_TOKEN", "KEY"]


def test_an_expression_of_github_that_is_a_secret() -> None:
    text = 'docker build --build-arg "X=${{ secrets.X }}" -t o/app:1 .\ndocker push o/app:1\n'
    _, (found,) = made(text)
    assert len(found.warnings) == 1


def test_lines_are_those_of_the_text() -> None:
    _, found = made("\n\ndocker compose build\n" + PLAIN)
    assert [(f.line, f.what) for f in found] == [(3, "docker compose build"), (4, "docker build")]


def test_inserts_keep_their_order_and_stand_before_what_they_are_put_at() -> None:
    assert applied("abc", [Edit(0, 0, "1"), Edit(0, 0, "2"), Edit(0, 1, "A")]) == "12Abc"
    assert applied("abc", [Edit(0, 1, "A"), Edit(0, 0, "1")]) == "1Abc"


@pytest.mark.parametrize(
    "text",
    [
        "a < <(b c)",
        "a &",
        "a & b",
        "(a) &\nb",
        "a &> log",
        "((a++))",
        "a; ((a = 1 + 2)); b",
        "cat - <<EOF\nx\nEOF\n",
    ],
)
def test_what_only_this_reader_may_read(text: str) -> None:
    assert isinstance(parse(text), Opaque)
    assert not isinstance(parse(relaxed(text)), Opaque)
    assert len(relaxed(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    ["a && b", "a 2>&1 | b", "a >&2", "echo 'x &y'", "x=$((1 + 2))", "a - b", "a <b", "a&b=c"],
)
def test_what_is_read_as_it_is(text: str) -> None:
    assert relaxed(text) == text


LINES = st.lists(
    st.sampled_from(
        [
            "docker build -t o/app:1 .",
            "docker build -t o/app:1 --target x .",
            "docker build -t o/web:$X . && docker push o/web:$X",
            "docker push o/app:1",
            "docker run o/app:1",
            "docker buildx create --use",
            "for x in 1 2; do docker build -t r.io/$x x; docker push r.io/$x; done",
            "if a; then",
            "fi",
            "f() {",
            "}",
            "(",
            ")",
            "# a comment",
            "echo 'docker build'",
            "docker build -t o/app:1 \\",
            "  .",
            "",
        ]
    ),
    max_size=9,
)


@settings(max_examples=100, deadline=None)
@given(LINES, st.booleans())
def test_any_lines(lines: list[str], named: bool) -> None:
    text = "\n".join(lines) + "\n"
    branch = JENKINS if named else CIRCLECI
    edits, found = rewrite_script(text, NONE, branch)
    after = applied(text, edits)
    assert bool(edits) == any(f.status == "rewritten" for f in found)
    assert isinstance(parse(text), Opaque) == isinstance(parse(after), Opaque)
    assert rewrite_script(after, NONE, branch)[0] == []
    for line in after.splitlines():
        if "ignore-error" in line:
            words = shlex.split(line.removesuffix("\\"), comments=False)
            assert all(":cache-" in word for word in words if word.startswith("type=registry"))
