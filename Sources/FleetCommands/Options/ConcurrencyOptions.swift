import ArgumentParser

/// How wide a verb that asks many clusters goes.
struct ConcurrencyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("On how many clusters at once.", valueName: "number"))
    var maxConcurrency = 10

    func validate() throws {
        guard maxConcurrency > 0 else {
            throw ValidationError("--max-concurrency should be above 0.")
        }
    }
}
