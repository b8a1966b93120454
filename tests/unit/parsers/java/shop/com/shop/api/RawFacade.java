package com.shop.api;

import com.shop.base.CrudFacade;

@SuppressWarnings("rawtypes")
public interface RawFacade extends CrudFacade {
}
