extension Plan {
    /// How many clusters of a wave may have failed before a halt bites.
    ///
    /// Under strict exposure one more than the budget. Otherwise everything in
    /// flight when the budget is overdrawn may fail as well.
    public func worstCase(of wave: Wave) -> Int {
        let atOnce = min(wave.maxConcurrency, limits.maxConcurrency)
        let failures = wave.maxFailures + (wave.exposure == .strict ? 1 : atOnce)
        return min(failures, wave.clusters.count)
    }
}
