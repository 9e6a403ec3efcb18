"""Workloads as Kubernetes objects, for any mesh to inject."""
import istio  # of the testbed


def workload(kind, space, name, replicas):
    labels = {"app": name}
    spec = {"selector": {"matchLabels": labels}, "template": template(labels, name)}
    if kind == "StatefulSet":
        spec["serviceName"] = name
    if replicas is not None:
        spec["replicas"] = replicas
    return istio.thing("apps/v1", kind, name, labels, space, spec=spec)


def schedule():
    """Never runs, but its template is looked at. Kubernetes 1.20 has it in v1beta1 only."""
    pod = template({"app": "report"}, "report")
    pod["spec"]["restartPolicy"] = "Never"
    return istio.thing("batch/v1beta1", "CronJob", "report", {}, "bank", spec={
        "schedule": "0 3 * * *", "suspend": True, "jobTemplate": {"spec": {"template": pod}}})


def template(labels, name):
    return {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": name}]}}


def deployment(name, space, labels, replicas, pod, container):
    return istio.thing("apps/v1", "Deployment", name, labels, space, spec={
        "replicas": replicas, "selector": {"matchLabels": labels},
        "template": {"metadata": pod, "spec": {"containers": [container]}}})
