"""What stands on a workload cluster before the takeover, as lists of Kubernetes objects.

An unrevisioned Istio that an in-cluster operator rendered from two IstioOperators, a gateway of
its own in front of which the platform team keeps a Service, and workloads of every kind that can
be restarted, with one beside the mesh that must be left alone.
"""
import istio  # of the testbed
from workloads import deployment, schedule, workload

VERSION = "1.23.6"
OWNER = "install.operator.istio.io/owning-resource"
FINALIZER = "istio-finalizer.install.istio.io"
OPERATORS = {"control-plane": "minimal", "ingress-gateway": "empty"}
OPERATOR_SPACE, GATEWAY_SPACE = "istio-operator", "ingress"
GATEWAY = {"istio": "ingressgateway", "istio.io/rev": "default"}

# kind, namespace, name, replicas
WORKLOADS = [("Deployment", "shop", "web", 3), ("Deployment", "shop", "api", 1),
             ("StatefulSet", "bank", "ledger", 2), ("DaemonSet", "telemetry", "agent", None)]
UNMESHED = ("Deployment", "plain", "tools", 1)


def control_plane():
    """The operator, its resources, and what it rendered from them."""
    spaces = [istio.namespace(name) for name in (istio.SPACE, OPERATOR_SPACE, GATEWAY_SPACE)]
    rendered = istio.istiod("default", VERSION)
    for one in rendered:
        one["metadata"]["labels"][OWNER] = "control-plane"
    return spaces + operator() + resources() + rendered + leftovers()


def operator():
    labels = {"name": "istio-operator"}
    container = {"name": "istio-operator", "image": f"istio/operator:{VERSION}",
                 "env": [{"name": "WATCH_NAMESPACE", "value": istio.SPACE}]}
    return [deployment("istio-operator", OPERATOR_SPACE, labels, 1, {"labels": labels}, container),
            istio.thing("v1", "Service", "istio-operator", labels, OPERATOR_SPACE, spec={
                "selector": labels, "ports": [{"name": "http-metrics", "port": 8383}]})]


def resources():
    made = [istio.thing("install.istio.io/v1alpha1", "IstioOperator", name, {},
                        spec={"profile": profile, "hub": istio.HUB, "tag": VERSION})
            for name, profile in OPERATORS.items()]
    for one in made:
        one["metadata"]["finalizers"] = [FINALIZER]
    return made


def leftovers():
    """Parts of a control plane that carry no owner, so that no operator prunes them."""
    labels = istio.pilot_labels("default")
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "istiod"}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "istiod-reader"}
    who = {"kind": "ServiceAccount", "name": "istiod", "namespace": istio.SPACE}
    rbac = "rbac.authorization.k8s.io/v1"
    return [
        istio.thing("policy/v1beta1", "PodDisruptionBudget", "istiod", labels, spec={
            "minAvailable": 1, "selector": {"matchLabels": istio.selector("default")}}),
        istio.thing("autoscaling/v1", "HorizontalPodAutoscaler", "istiod", labels, spec={
            "minReplicas": 1, "maxReplicas": 5, "scaleTargetRef": target}),
        istio.thing(rbac, "ClusterRole", role["name"], labels, None, rules=[
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]),
        istio.thing(rbac, "ClusterRoleBinding", role["name"], labels, None,
                    roleRef=role, subjects=[who])]


def workloads():
    """What needs an injector that works."""
    meshed = sorted({space for _, space, _, _ in WORKLOADS})
    spaces = [istio.namespace(one, **{"istio-injection": "enabled"}) for one in meshed]
    return (spaces + [istio.namespace(UNMESHED[1])] + gateway()
            + [workload(*one) for one in [*WORKLOADS, UNMESHED]] + [schedule()])


def gateway():
    """Rendered as an operator does: a fixed image, nothing injected."""
    labels = {**GATEWAY, OWNER: "ingress-gateway", "app": "istio-ingressgateway"}
    pod = {"labels": {**labels, "sidecar.istio.io/inject": "false"},
           "annotations": {"istio.io/rev": "default"}}
    container = {"name": "istio-proxy", "image": f"{istio.HUB}/proxyv2:{VERSION}",
                 "args": ["proxy", "router"]}
    front = istio.thing("v1", "Service", "public", {}, GATEWAY_SPACE, spec={
        "type": "LoadBalancer", "selector": GATEWAY,
        "ports": [{"name": "http2", "port": 80, "targetPort": 8080}]})
    return [deployment("istio-ingressgateway", GATEWAY_SPACE, labels, 1, pod, container), front]
