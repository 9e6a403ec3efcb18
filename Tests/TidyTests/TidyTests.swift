import Foundation
import Testing

/// Checks the house rules that neither the compiler nor swift-format knows.
struct TidyTests {
    @Test(arguments: SourceFile.all.filter(\.isSource))
    func `lines fit in 100 columns`(file: SourceFile) {
        for (number, line) in file.numberedLines where line.count > 100 {
            Issue.record("\(file.path):\(number) is \(line.count) columns wide.")
        }
    }

    @Test(arguments: SourceFile.all)
    func `functions fit on a screen`(file: SourceFile) {
        for (number, length) in file.functions where length > 60 {
            Issue.record("\(file.path):\(number) starts a function of \(length) lines.")
        }
    }

    @Test(arguments: SourceFile.all.filter(\.isSource))
    func `sources stay small`(file: SourceFile) {
        #expect(file.lines.count <= 400, "\(file.path) holds more than one noun.")
    }

    @Test(arguments: SourceFile.all)
    func `nothing banned is left`(file: SourceFile) {
        for (banned, instead) in bans {
            for (number, line) in file.numberedLines where line.contains(banned) {
                Issue.record("\(file.path):\(number) uses \(banned); \(instead).")
            }
        }
    }

    @Test(arguments: SourceFile.all.filter(\.isSource))
    func `every dependency has one door`(file: SourceFile) {
        for (module, door) in doors where file.imports.contains(module) && file.target != door {
            Issue.record("\(file.path) imports \(module); only \(door) may.")
        }
    }

    @Test(arguments: SourceFile.all.filter(\.isPure))
    func `the core stays pure`(file: SourceFile) {
        for (number, line) in file.numberedLines {
            for effect in ["import Foundation", " async ", "await ", "Task {", "print("]
            where line.contains(effect) {
                Issue.record("\(file.path):\(number) has an effect: \(effect).")
            }
        }
    }

    @Test(arguments: ["FleetModel", "FleetPlanner", "FleetCoordinator", "FleetRunner"])
    func `decisions never walk a dictionary`(target: String) {
        for file in SourceFile.all where file.target == target && file.isSource {
            for (number, line) in file.numberedLines where line.contains(".values {") {
                Issue.record("\(file.path):\(number) walks a dictionary in no order.")
            }
        }
    }

    @Test func `the tree is there to be checked`() {
        #expect(SourceFile.all.count > 50)
    }
}

/// What we do not write, and what we write instead.
private let bans = [
    ("try" + "! ", "handle the error or let it through"),
    ("as" + "! ", "use as? and answer for the rest"),
    ("Task" + ".sleep", "sleep on the runner's clock"),
    ("FIX" + "ME", "fix it before it reaches main"),
    ("TO" + "DO", "open an issue"),
]

/// The one target that may import each outside module.
private let doors = [
    "CJQ": "Predicates",
    "Yams": "FleetConfig",
    "GRDB": "FleetJournal",
    "Subprocess": "FleetRunner",
    "SystemPackage": "FleetRunner",
    "NIOHTTP1": "FleetRunner",
    "NIOPosix": "FleetRunner",
    "ArgumentParser": "FleetCommands",
    "Hummingbird": "FleetLab",
]
