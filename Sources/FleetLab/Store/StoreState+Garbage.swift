import FleetModel

/// The garbage collector: what becomes of objects whose owner goes.
extension StoreState {
    /// Deletes what only the gone owner held, and takes its name off the rest.
    mutating func collectDependents(of owner: JSON) {
        for key in (dependents[owner.uid] ?? []).sorted() {
            guard var object = self[key] else { continue }
            let living = object.ownerReferences.filter { reference in
                reference["uid"]?.string.map { places[$0] != nil } ?? false
            }
            guard living.isEmpty else {
                object.metadata["ownerReferences"] = .array(living)
                write(object, at: key)
                continue
            }
            deleteAll([key])
        }
    }

    mutating func orphanDependents(of owner: JSON) {
        for key in (dependents[owner.uid] ?? []).sorted() {
            guard var object = self[key] else { continue }
            let others = object.ownerReferences.filter { $0["uid"]?.string != owner.uid }
            object.metadata["ownerReferences"] = nil
            if !others.isEmpty { object.metadata["ownerReferences"] = .array(others) }
            write(object, at: key)
        }
    }

    mutating func deleteDependents(of owner: JSON) {
        deleteAll((dependents[owner.uid] ?? []).sorted())
    }

    /// Lets owners go that waited for this last dependent.
    mutating func releaseForegroundOwners(of object: JSON) {
        for uid in object.ownerIDs {
            guard let key = places[uid], var owner = self[key], owner.isTerminating,
                owner.finalizers.contains(Self.foregroundFinalizer), dependents[uid] == nil
            else { continue }
            owner.finalizers.removeAll { $0 == Self.foregroundFinalizer }
            write(owner, at: key)
            if owner.finalizers.isEmpty { erase(key) }
        }
    }
}
