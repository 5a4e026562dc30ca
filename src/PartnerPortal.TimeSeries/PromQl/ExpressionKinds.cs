namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A number.</summary>
public sealed record NumberExpression(double Value) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.Scalar;
}

/// <summary>A text in quotes.</summary>
public sealed record TextExpression(string Value) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.Text;
}

/// <summary><c>name{label="value"}</c>, perhaps with <c>offset</c> and <c>@</c>.</summary>
public sealed record SelectorExpression(Selector Selector) : Expression
{
    /// <summary>The shift of its time.</summary>
    public TimeShift Shift { get; init; } = TimeShift.None;

    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.InstantVector;
}

/// <summary><c>selector[5m]</c>; a shift of time stands at the selector.</summary>
public sealed record RangeExpression(SelectorExpression Inner, TimeSpan Range) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.RangeVector;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => [Inner];
}

/// <summary><c>expression[1h:5m]</c></summary>
public sealed record SubqueryExpression(Expression Inner, TimeSpan Range, TimeSpan? Step) : Expression
{
    /// <summary>The shift of its time.</summary>
    public TimeShift Shift { get; init; } = TimeShift.None;

    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.RangeVector;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => [Inner];
}

/// <summary><c>-x</c> or <c>+x</c></summary>
public sealed record UnaryExpression(bool Negative, Expression Inner) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => Inner.Type;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => [Inner];
}

/// <summary><c>(x)</c></summary>
public sealed record BracketExpression(Expression Inner) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => Inner.Type;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => [Inner];
}

/// <summary><c>left operator right</c></summary>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression
{
    /// <summary>Which series of both sides belong together; null unless both sides are instant vectors.</summary>
    public VectorMatching? Matching { get; init; }

    /// <summary>A comparison gives 0 or 1 (<c>bool</c>) instead of filtering.</summary>
    public bool ReturnsBool { get; init; }

    /// <inheritdoc />
    public override ExpressionType Type =>
        Left.Type == ExpressionType.Scalar && Right.Type == ExpressionType.Scalar ? ExpressionType.Scalar : ExpressionType.InstantVector;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => [Left, Right];
}

/// <summary><c>sum by (job) (x)</c></summary>
/// <param name="Kind">Which aggregation.</param>
/// <param name="Inner">What is aggregated.</param>
/// <param name="Parameter">The number of topk, bottomk and quantile, the label of count_values.</param>
/// <param name="Labels">The labels to keep or to drop.</param>
/// <param name="Without">Whether they are dropped.</param>
public sealed record AggregateExpression(AggregateKind Kind, Expression Inner, Expression? Parameter, IReadOnlyList<string> Labels, bool Without) : Expression
{
    /// <inheritdoc />
    public override ExpressionType Type => ExpressionType.InstantVector;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => Parameter is null ? [Inner] : [Parameter, Inner];
}

/// <summary><c>rate(x[5m])</c></summary>
public sealed record CallExpression(Function Function, IReadOnlyList<Expression> Arguments) : Expression
{
    /// <summary>A call of a function by its name, for expressions that are made, not read.</summary>
    /// <exception cref="ExpressionRefused">There is no such function, or the arguments do not fit.</exception>
    public static CallExpression Of(string function, params IReadOnlyList<Expression> arguments)
    {
        var known = Function.Find(function) ?? throw new ExpressionRefused($"unknown function with name \"{function}\"", 0);
        var call = new CallExpression(known, arguments);
        TypeChecks.Check(call);
        return call;
    }

    /// <inheritdoc />
    public override ExpressionType Type => Function.Returns;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Parts => Arguments;
}
