namespace PartnerPortal.UnitTests;

/// <summary>Tests that measure the memory of the whole process run when no others do.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
