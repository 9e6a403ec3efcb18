import FleetModel

@testable import Takeovers

extension World {
    /// The survey of the workload cluster, with some kinds that may not be read.
    func survey(gaps: [String] = []) -> SurveyRecipe.Answer {
        var context = StepContext(now: now)
        for _ in 0..<12 {
            let answer = SurveyRecipe.look(context, gaps: gaps)
            guard case .needs(let readings) = answer else { return answer }
            for reading in readings { context.readings[reading] = self.answer(reading) }
        }
        return .missed("the survey never stops asking")
    }

    func seen() throws -> ClusterSurvey {
        guard case .seen(let survey) = survey() else { throw Fixture.Missing(name: "\(survey())") }
        return survey
    }
}
