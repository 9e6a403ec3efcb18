import Testing

/// Beside a lab that is shared, with the real kubectl.
///
/// Each suite takes one test at a time, so that a run is not starved of processors
/// by more than one other.
@Suite(.lab, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
enum CommandLineTests {}
