#pragma once
// Every optimizer.

#include "fluxion/optim/adam.h"
#include "fluxion/optim/sgd.h"
