/// What a lab's clusters run before a takeover, and so which takeover they are for.
public enum LabKind: String, Hashable, Sendable, CaseIterable {
    /// An unmanaged Istio, in clusters that Gloo's management plane knows.
    case gloo
    /// Big Bang with Istio's operator, led by Flux.
    case bigBang = "bigbang"
    /// A revision of upstream Istio that Helm installed, to be followed by the next.
    case revision
    /// An unrevisioned Istio that istioctl installed, to be followed by a revision.
    case istioctl
    /// An Istio that the sail operator leads, to be brought to the next version.
    case sail
    /// The same, where the one control plane there is becomes the next version.
    case sailInPlace = "sail-in-place"

    var isSail: Bool { self == .sail || self == .sailInPlace }
}
