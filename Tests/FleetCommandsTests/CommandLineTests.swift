import Testing

/// Beside a lab that is shared, with the real kubectl.
///
/// Each suite takes one test at a time, so that a run is not starved of processors
/// by more than one other.
@Suite(
    .enabled(if: Program.hasKubectl, "kubectl isn't installed"),
    .lab(clusters: Flock.size, management: 2))
enum CommandLineTests {}
