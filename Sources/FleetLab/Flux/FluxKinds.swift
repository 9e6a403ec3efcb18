/// The resources of Flux that Big Bang is made of.
enum FluxKinds {
    static let releases = "helmreleases.helm.toolkit.fluxcd.io"
    static let kustomizations = "kustomizations.kustomize.toolkit.fluxcd.io"
    static let repositories = "gitrepositories.source.toolkit.fluxcd.io"
    /// The kinds that charts come from.
    static let sources = [
        "GitRepository": repositories,
        "HelmRepository": "helmrepositories.source.toolkit.fluxcd.io",
        "OCIRepository": "ocirepositories.source.toolkit.fluxcd.io",
    ]
    static let finalizer = "finalizers.fluxcd.io"
    /// Where Flux itself runs.
    static let space = "flux-system"
    /// Where Big Bang keeps everything that Flux reads.
    static let packages = "bigbang"
}
