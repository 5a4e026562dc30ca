namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A sum that carries what rounding lost (Kahan, with Neumaier's improvement; promql/functions.go, kahanSumInc).</summary>
internal struct KahanSum
{
    private double _lost;

    /// <summary>The sum as far as one number holds it.</summary>
    public double Rough { get; private set; }

    /// <summary>The sum with what was lost on the way.</summary>
    public readonly double Exact => Rough + _lost;

    /// <summary>The sum; an infinite one is itself, since infinity minus infinity was lost on the way.</summary>
    public readonly double Value => double.IsInfinity(Rough) ? Rough : Rough + _lost;

    public void Add(double value)
    {
        var sum = Rough + value;
        _lost += Math.Abs(Rough) >= Math.Abs(value) ? Rough - sum + value : value - sum + Rough;
        Rough = sum;
    }
}
