/// The controllers that every cluster has.
enum StandardControllers {
    static var all: [any Controller] {
        [
            Scheduler(), DeploymentController(), ReplicaSetController(), StatefulSetController(),
            ReplicaSetController.replicationControllers, ArgoRolloutController(),
            DaemonSetController(), JobController(), Kubelet(), EndpointsController(),
            LoadBalancerController(), DisruptionController(), IstiodController(),
            IstioOperatorController(),
        ]
    }
}
