// PyTorch's names by namespace, as COMPAT.md lists them. Names of the same function in several namespaces stand once.
const names = (text) => text.trim().split(/\s+/);

export const pytorch = {
  'torch and torch.Tensor': names(`
    abs acos acosh add addcdiv addcmul addmm all allclose amax amin any arange argmax argmin argsort asin asinh atan
    atan2 atanh baddbmm bernoulli bmm bool broadcast_to bucketize cat cdist ceil chunk clamp clone contiguous cos cosh
    cross cummax cummin cumprod cumsum detach diag diagonal diff div dot einsum eq equal erf erfc erfinv exp expand
    exp2 expm1 eye flatten flip floor fmod frac full full_like gather ge gt histc index_add index_select isclose isfinite isinf
    isnan item kron kthvalue le lerp linspace log log10 log1p log2 logaddexp logical_and logical_not logical_or
    logical_xor logspace logsumexp lt manual_seed masked_fill masked_select matmul max maximum mean median meshgrid min
    minimum mm mode movedim mul multinomial mv nan_to_num narrow ne neg nonzero norm normal ones ones_like outer permute
    pow prod quantile rand rand_like randint randn randn_like randperm reciprocal register_hook remainder repeat repeat_interleave
    requires_grad_ reshape retain_grad roll rot90 round rsqrt scatter scatter_add searchsorted select sigmoid sign sin
    sinh slice softmax sort split sqrt square squeeze stack std sub sum t take tan tanh tensor tile to to_dtype tolist
    topk trace transpose tril triu trunc unbind unfold unique unsqueeze var view where zeros zeros_like
    abs_ acos_ acosh_ add_ asin_ asinh_ atan_ atan2_ atanh_ ceil_ clamp_ copy_ cos_ cosh_ cumprod_ cumsum_ div_ erf_
    erfc_ exp_ exp2_ expm1_ fill_ floor_ fmod_ index_add_ lerp_ log_ log10_ log1p_ log2_ masked_fill_ mul_ neg_ pow_
    reciprocal_ relu_ remainder_ round_ rsqrt_ scatter_ scatter_add_ sigmoid_ sign_ sin_ sinh_ sqrt_ square_ sub_ tan_
    tanh_ tril_ triu_ trunc_ zero_`),
  'torch.nn.functional': names(`
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d avg_pool1d avg_pool2d batch_norm
    binary_cross_entropy binary_cross_entropy_with_logits conv1d conv2d conv_transpose1d conv_transpose2d
    cosine_embedding_loss cosine_similarity cross_entropy dropout dropout2d elu embedding fold gelu group_norm
    hardsigmoid hardswish hardtanh huber_loss instance_norm interpolate kl_div l1_loss layer_norm leaky_relu linear
    log_softmax logsigmoid max_pool1d max_pool2d mish mse_loss nll_loss normalize one_hot pad prelu relu relu6 rms_norm
    scaled_dot_product_attention selu silu smooth_l1_loss softplus triplet_margin_loss unfold`),
  'torch.nn': names(`
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool1d AdaptiveMaxPool2d AvgPool1d AvgPool2d BatchNorm1d BatchNorm2d BCELoss BCEWithLogitsLoss Conv1d Conv2d
    ConstantPad2d ConvTranspose1d ConvTranspose2d CosineEmbeddingLoss CrossEntropyLoss Dropout Dropout1d Dropout2d ELU
    Embedding Flatten Fold GELU GroupNorm GRU GRUCell Hardsigmoid Hardswish Hardtanh HuberLoss Identity InstanceNorm1d InstanceNorm2d KLDivLoss L1Loss LayerNorm
    LeakyReLU Linear LogSigmoid LogSoftmax LSTM LSTMCell MaxPool1d MaxPool2d Mish Module ModuleDict ModuleList MSELoss
    MultiheadAttention NLLLoss Parameter PReLU ReflectionPad2d ReLU ReLU6
    ReplicationPad2d RMSNorm RNN RNNCell SELU Sequential Sigmoid SiLU SmoothL1Loss
    Softmax Softplus Softsign Tanh Tanhshrink Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder
    TransformerEncoderLayer TripletMarginLoss Unfold Upsample ZeroPad2d`),
  'torch.optim': names('Adadelta Adagrad Adam AdamW ASGD LBFGS NAdam RAdam RMSprop Rprop SGD'),
  'torch.optim.lr_scheduler': names(`
    CosineAnnealingLR CosineAnnealingWarmRestarts ExponentialLR LambdaLR LinearLR MultiStepLR OneCycleLR
    ReduceLROnPlateau SequentialLR StepLR`),
  'torch.autograd': names(
    'backward detect_anomaly enable_grad Function grad gradcheck hessian hvp jacobian jvp no_grad vjp',
  ),
};
