@testable import FleetCommands
import Testing

/// A command in a hint works as typed, wherever the journal is.
struct WhereaboutsTests {
    private func complete(_ text: String, given arguments: String...) -> String {
        Whereabouts(arguments).completing(text)
    }

    @Test func `a hint repeats where the operator said that things are`() {
        let hint = "run `bellwether approve 7F3K`, then `bellwether resume 7F3K`"
        #expect(
            complete(hint, given: "status", "7F3K", "--project", "lab", "--journal=/tmp/j.sqlite")
                == "run `bellwether approve 7F3K --project lab --journal /tmp/j.sqlite`, "
                + "then `bellwether resume 7F3K --project lab --journal /tmp/j.sqlite`")
        #expect(complete(hint, given: "status", "7F3K") == hint)
    }

    @Test func `a lab's commands get the lab's directory, and no others`() {
        #expect(
            complete(
                "start one with `bellwether lab up`", given: "lab", "down", "--directory", "x y")
                == "start one with `bellwether lab up --directory 'x y'`")
        #expect(
            complete("see `bellwether lab status`", given: "status", "--project", "lab")
                == "see `bellwether lab status`")
    }

    @Test(arguments: [
        "see `bellwether lab break --help`", "run `bellwether plan lab --directory lab`",
        "`kubectl get pods`", #"{"next":"run `bellwether resume 7F3K`"}"#,
    ])
    func `what is complete, of another program or for programs stays`(text: String) {
        #expect(complete(text, given: "lab", "down", "--directory", "there") == text)
        #expect(complete("`kubectl get pods`", given: "--project", "p") == "`kubectl get pods`")
    }

    @Test func `what follows two dashes is for another program`() {
        let text = "see `bellwether status 7F3K`"
        #expect(complete(text, given: "exec", "--all", "--", "kubectl", "--project", "p") == text)
    }
}
