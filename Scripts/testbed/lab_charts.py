"""Istio's charts as the lab plays them, for the version of Kubernetes that is there."""
import json
import re
import subprocess

# Served since Kubernetes 1.21 and 1.23; what an older server has in their place.
OLDER = {"policy/v1": "policy/v1beta1", "autoscaling/v2": "autoscaling/v2beta2"}
# A template that is there under a condition, and an action where no text is.
CONDITIONAL = re.compile(r"{{ if (?P<condition>.*) }}\n(?P<text>.*)\n{{ end }}\n?", re.DOTALL)
COUNT = "{{ .Values.replicaCount }}"


def write(bellwether, folder, versions, cluster):
    """Leaves `folder/VERSION/base`, `istiod` and `gateway`, for the server of a cluster."""
    lab = folder / "lab"
    size = ["--clusters", "1", "--management", "1", "--small"]
    ask = [["up", "--kind", "revision", *size], ["down"]]
    for words in ask:
        subprocess.run([bellwether, "lab", *words, "--directory", lab], check=True,
                       stdout=subprocess.DEVNULL)
    older = {new: old for new, old in OLDER.items() if not cluster.get(f"/apis/{new}")}
    for version in versions:
        for chart in (lab / "charts").iterdir():
            copy(chart, folder / version / chart.name, version, older)


def copy(chart, folder, version, older):
    """The lab writes JSON into the files of its charts, which is YAML, too."""
    (folder / "templates").mkdir(parents=True)
    about = json.loads((chart / "Chart.yaml").read_text())
    save(folder / "Chart.yaml", {**about, "version": version, "appVersion": version})
    values = json.loads((chart / "values.yaml").read_text())
    if "global" in values:
        values["global"]["tag"] = version
    save(folder / "values.yaml", values)
    documents = (chart / "templates/objects.yaml").read_text().split("\n---\n")
    for number, text in enumerate(documents):
        copy_template(text, folder / f"templates/{number}.yaml", older)


def copy_template(text, path, older):
    conditional = CONDITIONAL.fullmatch(text)
    condition = conditional["condition"] if conditional else None
    json_text = conditional["text"] if conditional else text
    save(path, suited(json.loads(json_text.replace(COUNT, f'"{COUNT}"')), older), condition)
    path.write_text(path.read_text().replace(f'"{COUNT}"', COUNT))


def suited(thing, older):
    """In a version that the server has; charts bring no status, and helm would refuse half of one.
    """
    version = thing["apiVersion"]
    rest = {key: value for key, value in thing.items() if key != "status"}
    return {**rest, "apiVersion": older.get(version, version)}


def definitions(base):
    """Of Istio's resources, from the chart that brings them; the operator's own is not Istio's."""
    objects = [json.loads(path.read_text()) for path in (base / "templates").iterdir()]
    return [one for one in objects if one["kind"] == "CustomResourceDefinition"
            and not one["metadata"]["name"].endswith(".install.istio.io")]


def start(folder, name, version, values):
    """A chart without templates yet."""
    (folder / "templates").mkdir(parents=True)
    save(folder / "Chart.yaml", {"apiVersion": "v2", "name": name, "version": version,
                                 "appVersion": version.split("-")[0]})
    save(folder / "values.yaml", values)


def save(path, content, condition=None):
    text = json.dumps(content) + "\n"
    path.write_text(f"{{{{ if {condition} }}}}\n{text}{{{{ end }}}}\n" if condition else text)
