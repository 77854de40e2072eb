"""What a container runs, as far as it can be followed, and what it may need."""

from __future__ import annotations

import pytest
from harness.pairs import Pair

from reorder.equivalence.check import Objection, Proof

FILES = {
    "pom.xml": "<project/>",
    "run.sh": "#!/bin/sh\n# never calls make\nexec java -jar /app/a.jar\n",
    "build.sh": "exec mvn exec:java\n",
    "bin/start": ". /app/build.sh\n",
    "a.conf": "command = gradle run\n",
}
START = "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\n"


def verdict(rest: str) -> Proof | Objection:
    before = f"{START}RUN mvn package\n{rest}"
    after = f"{START}RUN --mount=type=cache,target=/root/.m2 mvn package\n{rest}"
    return Pair(before, after, FILES).verdict()


@pytest.mark.parametrize(
    "rest",
    [
        'CMD ["java", "-jar", "a.jar"]\n',
        "CMD java $JAVA_OPTS -jar a.jar\n",
        'ENTRYPOINT ["./run.sh"]\n',
        'CMD ["supervisor", "a.conf"]\n',
        'ENV GREETING="make my day"\nCMD ["java"]\n',
        'CMD ["mvn"]\nCMD ["java", "-jar", "a.jar"]\n',
        "HEALTHCHECK NONE\n",
        "VOLUME /data\n",
        'CMD ["sh", "-c", "java -jar a.jar"]\n',
        "RUN echo done > /note\n",
    ],
)
def test_a_container_that_needs_nothing_of_it(rest: str) -> None:
    assert isinstance(verdict(rest), Proof)


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ('CMD ["bin/start"]\n', "build.sh, which runs mvn"),
        ('CMD ["sh", "-c", "./build.sh"]\n', "build.sh, which runs mvn"),
        ('ENV T=mvn\nCMD ["sh", "-c", "exec ${T} x"]\n', "runs mvn"),
        ("CMD just run\n", "runs just"),
        ("HEALTHCHECK --interval=5s CMD mvn -v\n", "runs mvn"),
        ("ONBUILD RUN mvn package\n", "runs mvn"),
        ("CMD java -cp `cat p` A\n", "only known there"),
        ("CMD java -cp /root/.m2/repository/a.jar A\n", "uses /root/.m2"),
        ("ENV CLASSPATH=/root/.m2/a.jar\n", "CLASSPATH names"),
        ("VOLUME /root\n", "a volume"),
        ('COPY <<E /x\nmvn verify\nE\nCMD ["/x"]\n', "the build makes names mvn"),
        ('RUN echo "mvn verify" > /x\nCMD ["/x"]\n', "the build makes names mvn"),
        ('CMD ["/bin/bash", "-l"]\n', "people work"),
        ("CMD tail -f /dev/null\n", "people work"),
    ],
)
def test_a_container_that_may_need_it(rest: str, wanted: str) -> None:
    found = verdict(rest)
    assert isinstance(found, Objection)
    assert wanted in found.reason
