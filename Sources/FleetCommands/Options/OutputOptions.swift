import ArgumentParser

/// How results are shown.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    @Option(help: "How to show the result: table or json.")
    var format = Format.table

    @Flag(name: .shortAndLong, help: "Show ids only.")
    var quiet = false
}
