using System.Globalization;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What one side plans, promises, allows or needs.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Unit">The unit in which it was given.</param>
/// <param name="By">Who gave it.</param>
/// <param name="At">When.</param>
/// <param name="ReviewId">The review in which it was answered; null when it was entered by hand.</param>
/// <param name="ItemKey">The item of that review.</param>
public sealed record TargetFigure(decimal Value, string Unit, string By, DateTimeOffset At, Guid? ReviewId = null, string? ItemKey = null)
{
    /// <summary>The figure with its unit: "300 calls/s".</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Said => Say(Value, Unit);

    /// <summary>A value as it is read: no trailing zeros, thousands apart, the unit behind it (a percent sign without a space).</summary>
    public static string Say(decimal value, string unit)
    {
        var figure = value.ToString("#,##0.############", CultureInfo.InvariantCulture);
        return unit.Length == 0 ? figure : unit == "%" ? figure + " %" : $"{figure} {unit}";
    }
}

/// <summary>What was seen of a target.</summary>
/// <param name="Value">The value; null when there was none to see.</param>
/// <param name="At">When it was looked at, or of which moment the evidence speaks.</param>
/// <param name="From">Beginning of the time that the value stands for.</param>
/// <param name="To">Its end.</param>
/// <param name="Error">Why there is no value.</param>
/// <param name="Evidence">What proves a value that a person entered; null when it was computed.</param>
/// <param name="By">Who entered it; null when it was computed.</param>
public sealed record TargetObservation(
    decimal? Value, DateTimeOffset At, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Error = null, string? Evidence = null, string? By = null);

/// <summary>How a target stands.</summary>
public enum TargetState
{
    /// <summary>The value seen keeps the agreed figure.</summary>
    Met,

    /// <summary>It does not.</summary>
    Violated,

    /// <summary>Nothing was measured, or nothing is agreed. Never green.</summary>
    NoDataYet,

    /// <summary>The value was seen too long ago to be relied on.</summary>
    Stale,

    /// <summary>Somebody approved that it need not be kept for a while.</summary>
    Waived,

    /// <summary>It does not concern this integration; the reason stands with it.</summary>
    NotApplicable,
}
