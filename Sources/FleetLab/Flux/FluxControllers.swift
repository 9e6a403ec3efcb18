/// The controllers of Flux, in clusters that have it.
enum FluxControllers {
    static var all: [any Controller] {
        [GitRepositoryController(), KustomizationController(), HelmReleaseController()]
    }
}
