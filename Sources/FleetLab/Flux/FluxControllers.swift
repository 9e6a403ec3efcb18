/// The controllers of Flux, in clusters that have it.
enum FluxControllers {
    static var all: [any Controller] {
        [SourceController(), KustomizationController(), HelmReleaseController()]
    }
}
