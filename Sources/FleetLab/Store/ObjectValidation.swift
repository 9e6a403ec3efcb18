import FleetModel

/// The rules an object must keep to be stored.
enum ObjectValidation {
    /// The rules of names and namespaces, told before anything else is looked at.
    static func checkIdentity(_ object: JSON, as type: ResourceType) throws(StatusError) {
        let problems = NameRules.problems(of: object, as: type)
        guard problems.isEmpty else { throw .invalid(type, object.name, problems) }
    }

    /// The rules of the object's kind.
    static func check(_ object: JSON, as type: ResourceType) throws(StatusError) {
        let problems =
            LabelRules.problems(of: object)
            + KindRules.problems(of: object, as: type)
        guard problems.isEmpty else { throw .invalid(type, object.name, problems) }
    }
}
