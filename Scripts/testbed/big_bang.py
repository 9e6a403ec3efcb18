"""Big Bang 2.54 as far as its Istio goes: the parent chart, and the packages before and after."""
import istio  # of the testbed
import lab_charts
import old_mesh
from workloads import deployment

EDITION = "2.54.0"
OLD_VERSION, NEW_VERSION = "1.23.6", "1.25.2"
HUB = "registry1.dso.mil/ironbank/opensource/istio"
SPACE, GATEWAY_SPACE, OPERATOR_SPACE = "bigbang", "istio-gateway", "istio-operator"
RESOURCE, GATEWAY = "istiocontrolplane", "public-ingressgateway"
FLUX = "toolkit.fluxcd.io"
RBAC = "rbac.authorization.k8s.io"
PORTS = [{"name": name, "port": port, "targetPort": target, "protocol": "TCP"}
         for name, port, target in (
             ("status-port", 15021, 15021), ("http2", 80, 8080), ("https", 443, 8443))]

# The value that switches a package, its release, namespace, and what it waits for. Those that have
# no name of their own get the namespace in front.
PACKAGES = [("istioOperator", "istio-operator", OPERATOR_SPACE, None, None),
            ("istio", "istio", istio.SPACE, None, "istio-operator"),
            ("istioCRDs", "istio-crds", istio.SPACE, "istio-crds", None),
            ("istiod", "istiod", istio.SPACE, "istiod", "istio-crds"),
            ("istioGateway", GATEWAY, GATEWAY_SPACE, GATEWAY, "istiod")]
SPACES = [("or .Values.istio.enabled .Values.istiod.enabled", istio.SPACE,
           {"istio-injection": "disabled"}),
          (".Values.istioOperator.enabled", OPERATOR_SPACE, {}),
          (".Values.istioGateway.enabled", GATEWAY_SPACE, {"istio-injection": "enabled"})]
VALUES = {name: {"enabled": name in ("istioOperator", "istio")} for name, *_ in PACKAGES}


def write_charts(folder, definitions):
    """The parent's chart and those of the packages, each by the name of its release."""
    old, new = f"{OLD_VERSION}-bb.0", f"{NEW_VERSION}-bb.0"
    contents = {"istio-operator": (old, old_mesh.operator()), "istio": (old, old_resources()),
                "istio-crds": (new, definitions), "istiod": (new, control_plane(NEW_VERSION)),
                GATEWAY: (new, new_gateway())}
    for name, (version, objects) in contents.items():
        lab_charts.start(folder / name, name, version, {})
        for number, one in enumerate(objects):
            lab_charts.save(folder / name / f"templates/{number}.yaml", one)
    parent = folder / "bigbang"
    lab_charts.start(parent, "bigbang", EDITION, VALUES)
    for condition, name, labels in SPACES:
        lab_charts.save(parent / f"templates/{name}-namespace.yaml",
                        istio.namespace(name, **labels), condition)
    for value, name, *rest in PACKAGES:
        lab_charts.save(parent / f"templates/{name}.yaml", package(name, *rest),
                        f".Values.{value}.enabled")


def package(name, space, release, need):
    spec = {"targetNamespace": space, "interval": "2m", "chart": {"spec": {
        "chart": "./chart", "sourceRef": {"kind": "GitRepository", "name": "bigbang"}}}}
    if release:
        spec["releaseName"] = release
    if need:
        spec["dependsOn"] = [{"name": need, "namespace": SPACE}]
    return istio.thing(f"helm.{FLUX}/v2", "HelmRelease", name, {}, SPACE, spec=spec)


def environment(values):
    """What Flux has from git: the values, the parent release, and where both come from."""
    owner = {f"kustomize.{FLUX}/name": "environment", f"kustomize.{FLUX}/namespace": SPACE}
    parent = package("bigbang", SPACE, "bigbang", None)
    parent["metadata"]["labels"] = owner
    parent["spec"]["valuesFrom"] = [{"kind": "ConfigMap", "name": "environment"}]
    return [
        istio.thing("v1", "ConfigMap", "environment", owner, SPACE, data={"values.yaml": values}),
        *(istio.thing(f"source.{FLUX}/v1", "GitRepository", name, {}, SPACE, spec={
            "url": f"https://git.example/{name}.git", "interval": "10m", "ref": {"branch": "main"}})
          for name in ("bigbang", "environment")),
        istio.thing(f"kustomize.{FLUX}/v1", "Kustomization", "environment", {}, SPACE, spec={
            "interval": "10m", "prune": True, "sourceRef": {
                "kind": "GitRepository", "name": "environment"}}),
        parent]


def controller():
    labels = {"app": "helm-controller"}
    return deployment("helm-controller", "flux-system", labels, 1, {"labels": labels}, {
        "name": "manager", "image": "registry.example.net/fluxcd/helm-controller:v1.2.0"})


# What goes.

def old_resources():
    """The package `istio`: all that it has rendered is the operator's."""
    return [
        istio.thing("install.istio.io/v1alpha1", "IstioOperator", RESOURCE, {}, spec={
            "profile": "default", "hub": HUB, "tag": OLD_VERSION}),
        istio.thing("security.istio.io/v1beta1", "PeerAuthentication", "default-istio-system", {},
                    spec={"mtls": {"mode": "STRICT"}}),
        routing("public", istio.SPACE)]


def rendered():
    """By the operator, from its resource; everything says whose it is."""
    labels = {"app": GATEWAY, "istio": "ingressgateway", "istio.io/rev": "default"}
    pod = {"labels": {**labels, "sidecar.istio.io/inject": "false"},
           "annotations": {"istio.io/rev": "default"}}
    container = {"name": "istio-proxy", "image": f"{HUB}/proxyv2:{OLD_VERSION}",
                 "args": ["proxy", "router"]}
    objects = [*control_plane(OLD_VERSION), front(istio.SPACE, labels),
               deployment(GATEWAY, istio.SPACE, labels, 1, pod, container)]
    for one in objects:
        one["metadata"]["labels"] = {**one["metadata"]["labels"], old_mesh.OWNER: RESOURCE}
    return objects


# What comes.

def control_plane(version):
    """Without a revision, and with what istiod may do."""
    labels = istio.pilot_labels("default")
    who = [{"kind": "ServiceAccount", "name": "istiod", "namespace": istio.SPACE}]
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    access = []
    for kind, name, space in (
            ("ClusterRole", f"istiod-clusterrole-{istio.SPACE}", None),
            ("ClusterRole", f"istiod-gateway-controller-{istio.SPACE}", None),
            ("Role", "istiod", istio.SPACE)):
        reference = {"apiGroup": RBAC, "kind": kind, "name": name}
        access += [istio.thing(f"{RBAC}/v1", kind, name, labels, space, rules=rules),
                   istio.thing(f"{RBAC}/v1", f"{kind}Binding", name, labels, space,
                               roleRef=reference, subjects=who)]
    return access + istio.istiod("default", version, HUB)


def new_gateway():
    labels = {"app": GATEWAY, "istio": "ingressgateway"}
    pod = {"labels": {**labels, "sidecar.istio.io/inject": "true"},
           "annotations": {"inject.istio.io/templates": "gateway"}}
    container = {"name": "istio-proxy", "image": "auto"}
    return [deployment(GATEWAY, GATEWAY_SPACE, labels, 1, pod, container),
            front(GATEWAY_SPACE, labels), routing(GATEWAY, GATEWAY_SPACE)]


def front(space, labels):
    return istio.thing("v1", "Service", GATEWAY, labels, space, spec={
        "type": "LoadBalancer", "selector": labels, "ports": PORTS})


def routing(name, space):
    return istio.thing("networking.istio.io/v1beta1", "Gateway", name, {}, space, spec={
        "selector": {"istio": "ingressgateway"}, "servers": [{
            "hosts": ["*.bigbang.example"],
            "port": {"name": "https", "number": 8443, "protocol": "HTTPS"}}]})


def virtual_service(name, space):
    return istio.thing("networking.istio.io/v1beta1", "VirtualService", name, {}, space, spec={
        "gateways": [f"{istio.SPACE}/public"], "hosts": [f"{name}.bigbang.example"],
        "http": [{"route": [{"destination": {"host": name}}]}]})
