import FleetCommands

await Entrance.main()
